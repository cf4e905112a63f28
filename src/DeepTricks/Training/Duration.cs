using System.Globalization;

namespace DeepTricks.Training;

/// <summary>A length of training: "100st" is 100 steps, "2ep" two epochs, "0.7dur" seven tenths of the whole training.</summary>
/// <param name="Value">The number of units, not negative.</param>
/// <param name="Unit">The unit.</param>
public readonly record struct Duration(double Value, DurationUnit Unit)
{
    private static readonly (string Suffix, DurationUnit Unit)[] Suffixes =
        [("st", DurationUnit.Steps), ("ep", DurationUnit.Epochs), ("dur", DurationUnit.Fraction)];

    /// <summary>A number of optimiser steps.</summary>
    /// <param name="count">The steps, not negative.</param>
    public static Duration Steps(long count) => new(NotNegative(count, nameof(count)), DurationUnit.Steps);

    /// <summary>A number of epochs; part of one is allowed.</summary>
    /// <param name="count">The epochs, not negative.</param>
    public static Duration Epochs(double count) => new(NotNegative(count, nameof(count)), DurationUnit.Epochs);

    /// <summary>A part of the whole training.</summary>
    /// <param name="part">The part, from 0 to 1.</param>
    public static Duration Fraction(double part) => part is >= 0 and <= 1
        ? new(part, DurationUnit.Fraction)
        : throw new ArgumentOutOfRangeException(nameof(part), part, "Expected a part from 0 to 1.");

    /// <summary>Reads "100st", "2ep" or "0.7dur".</summary>
    /// <param name="text">A number, written invariantly, and its unit.</param>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static Duration Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var (suffix, unit) in Suffixes)
            if (text.EndsWith(suffix, StringComparison.Ordinal) &&
                double.TryParse(text.AsSpan(..^suffix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) &&
                value >= 0 && double.IsFinite(value) && (unit != DurationUnit.Fraction || value <= 1))
                return new(value, unit);
        throw new FormatException($"\"{text}\" is no duration; expected a number and a unit, such as \"100st\", \"2ep\" or \"0.7dur\".");
    }

    /// <summary>Reads "100st", "2ep" or "0.7dur", so that a string can stand where a duration is asked for.</summary>
    /// <param name="text">The duration.</param>
    public static implicit operator Duration(string text) => Parse(text);

    /// <summary>The duration in steps, rounded to the nearest.</summary>
    /// <param name="stepsPerEpoch">The steps of an epoch, at least 1.</param>
    /// <param name="totalSteps">The steps of the whole training.</param>
    public long InSteps(long stepsPerEpoch, long totalSteps) => Unit switch
    {
        DurationUnit.Steps => (long)Math.Round(Value),
        DurationUnit.Epochs => (long)Math.Round(Value * stepsPerEpoch),
        _ => (long)Math.Round(Value * totalSteps),
    };

    /// <summary>The duration as <see cref="Parse"/> reads it.</summary>
    public override string ToString()
    {
        var unit = Unit;
        return Value.ToString(CultureInfo.InvariantCulture) + Suffixes.First(pair => pair.Unit == unit).Suffix;
    }

    private static double NotNegative(double value, string parameter) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(parameter, value, "Expected a finite number that is not negative.");
}
