namespace DeepTricks.Training;

/// <summary>
/// A value that changes over training: a pure function of the time, so that it needs no state of its own. What it spans is the whole
/// training, or its part of a <see cref="Sequence"/>.
/// </summary>
public sealed class Schedule
{
    private readonly Func<TrainingTime, double> _at;
    private readonly string _text;

    private Schedule(Func<TrainingTime, double> at, string text) => (_at, _text) = (at, text);

    /// <summary>The value at a time.</summary>
    /// <param name="time">The time.</param>
    public double At(TrainingTime time) => _at(time);

    /// <summary>Any function of the time.</summary>
    /// <param name="value">The function; it should depend on nothing but the time.</param>
    public static Schedule Of(Func<TrainingTime, double> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value, "function");
    }

    /// <summary>Always the same value.</summary>
    /// <param name="value">The value.</param>
    public static Schedule Constant(double value) => new(_ => value, FormattableString.Invariant($"{value}"));

    /// <summary>A straight line.</summary>
    /// <param name="from">The value at the start.</param>
    /// <param name="to">The value at the end.</param>
    public static Schedule Linear(double from, double to) =>
        new(time => from + ((to - from) * time.Progress), FormattableString.Invariant($"linear {from} to {to}"));

    /// <summary>Half a period of the cosine, flat at both ends (Loshchilov and Hutter, arXiv 1608.03983, without restarts).</summary>
    /// <param name="from">The value at the start.</param>
    /// <param name="to">The value at the end.</param>
    public static Schedule Cosine(double from, double to) =>
        new(time => to + ((from - to) * (1 + Math.Cos(Math.PI * time.Progress)) / 2), FormattableString.Invariant($"cosine {from} to {to}"));

    /// <summary>A power of what is left: to + (from - to) * (1 - progress)^power.</summary>
    /// <param name="from">The value at the start.</param>
    /// <param name="to">The value at the end.</param>
    /// <param name="power">The exponent, above 0; 0.9 is usual in segmentation.</param>
    public static Schedule Polynomial(double from, double to, double power)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(power);
        return new(time => to + ((from - to) * Math.Pow(1 - time.Progress, power)), FormattableString.Invariant($"polynomial {from} to {to}"));
    }

    /// <summary>A value multiplied by a factor each time an interval has passed.</summary>
    /// <param name="from">The value at the start.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="interval">The interval.</param>
    public static Schedule Step(double from, double factor, Duration interval) =>
        new(time => from * Math.Pow(factor, time.Step / Math.Max(1, time.StepsOf(interval))),
            FormattableString.Invariant($"step {from} by {factor} every {interval}"));

    /// <summary>A linear rise from 0 to the start of another schedule, which follows; the first step has one part of the rise already.</summary>
    /// <param name="duration">The length of the rise.</param>
    /// <param name="then">What follows, over the rest of the time.</param>
    public static Schedule WarmUp(Duration duration, Schedule then)
    {
        ArgumentNullException.ThrowIfNull(then);
        return new(time =>
        {
            var rise = time.StepsOf(duration);
            return time.Step < rise
                ? then.At(After(rise, time) with { Step = 0 }) * (time.Step + 1) / (rise + 1)
                : then.At(After(rise, time));
        }, $"warm-up {duration}, {then}");
    }

    /// <summary>
    /// Up and down again in cosines, from high / divisor to high to high / divisor / finalDivisor
    /// (Smith and Topin, arXiv 1708.07120; defaults of PyTorch's OneCycleLR).
    /// </summary>
    /// <param name="high">The highest value.</param>
    /// <param name="rise">The part of the time that the rise takes.</param>
    /// <param name="divisor">What the highest value is divided by at the start.</param>
    /// <param name="finalDivisor">What the value at the start is divided by at the end.</param>
    public static Schedule OneCycle(double high, double rise = 0.3, double divisor = 25, double finalDivisor = 1e4)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(divisor);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(finalDivisor);
        return Sequence((Duration.Fraction(rise), Cosine(high / divisor, high)),
            (Duration.Fraction(1 - rise), Cosine(high, high / divisor / finalDivisor)));
    }

    /// <summary>One schedule after the other; the last goes on to the end, whatever its duration.</summary>
    /// <param name="parts">Each schedule with how long it takes; at least one.</param>
    public static Schedule Sequence(params (Duration Duration, Schedule Schedule)[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Length == 0)
            throw new ArgumentException("Expected at least one schedule.", nameof(parts));
        return new(time =>
        {
            var start = 0L;
            for (var i = 0; i < parts.Length - 1; i++)
            {
                var length = time.StepsOf(parts[i].Duration);
                if (time.Step < start + length)
                    return parts[i].Schedule.At(time with { Step = time.Step - start, TotalSteps = length });
                start += length;
            }
            return parts[^1].Schedule.At(After(start, time));
        }, string.Join(", then ", parts.Select(part => part.Schedule)));
    }

    /// <summary>A constant, so that a number can stand where a schedule is asked for.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator Schedule(double value) => Constant(value);

    /// <summary>What the schedule does, in words.</summary>
    public override string ToString() => _text;

    private static TrainingTime After(long start, TrainingTime time) =>
        time with { Step = Math.Max(0, time.Step - start), TotalSteps = Math.Max(0, time.TotalSteps - start) };
}
