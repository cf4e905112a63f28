using System.Runtime.CompilerServices;

namespace DeepTricks.Detection;

/// <summary>Refuses numbers that options cannot have.</summary>
internal static class OptionChecks
{
    internal static int Count(int value, [CallerMemberName] string? name = null) =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected at least 1.");

    internal static double Share(double value, [CallerMemberName] string? name = null) =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a value in [0, 1].");

    internal static double Length(double value, [CallerMemberName] string? name = null) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite length of at least 0.");

    internal static IReadOnlyList<long> Widths(IReadOnlyList<long> value, [CallerMemberName] string? name = null) =>
        value?.All(width => width > 0) == true ? value : throw new ArgumentException("Expected widths of at least 1.", name);
}
