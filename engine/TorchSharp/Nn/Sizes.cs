namespace TorchSharp;

/// <summary>Sizes as libtorch takes them, from the forms in which callers give them.</summary>
internal static class Sizes
{
    public static long[] List(long? value, long[] otherwise) => value is { } given ? [given] : otherwise;

    public static T[] Same<T>(T value, int count)
    {
        var values = new T[count];
        values.AsSpan().Fill(value);
        return values;
    }

    public static T[]? Same<T>(T? value, int count) where T : struct => value is { } given ? Same(given, count) : null;

    public static T[] Tuple<T>((T, T) values) => [values.Item1, values.Item2];
    public static T[]? Tuple<T>((T, T)? values) => values is { } given ? Tuple(given) : null;
    public static T[] Tuple<T>((T, T, T) values) => [values.Item1, values.Item2, values.Item3];
    public static T[]? Tuple<T>((T, T, T)? values) => values is { } given ? Tuple(given) : null;
}
