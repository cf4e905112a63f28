namespace TorchSharp;

/// <summary>Numbers that are not negative, seven bits a byte, the lowest first: how TorchSharp's files say counts, sizes and types.</summary>
internal static class Counts
{
    public static void WriteCount(this BinaryWriter writer, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        writer.Write7BitEncodedInt64(count);
    }

    public static long ReadCount(this BinaryReader reader)
    {
        var count = reader.Read7BitEncodedInt64();
        return count >= 0 ? count : throw new InvalidDataException($"The stream is damaged: it has a count of {count}.");
    }
}
