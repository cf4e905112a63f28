namespace DeepTricks.Reporting;

/// <summary>The range of an axis, the places of values along it, and its ticks.</summary>
internal sealed class Scale
{
    private readonly bool _logarithmic;
    private readonly bool _whole;

    private Scale(double low, double high, bool logarithmic, bool whole)
        => (Low, High, _logarithmic, _whole) = (low, high, logarithmic, whole);

    internal double Low { get; }

    internal double High { get; }

    /// <summary>A scale over those values that the axis can show, or over a range of its own when there are none.</summary>
    /// <param name="axis">Says the limits that are fixed.</param>
    /// <param name="values">All values that are drawn.</param>
    /// <param name="pad">Whether to leave room around the data, and to begin at zero where that is near.</param>
    /// <param name="whole">Whether values between whole numbers mean nothing when all values are whole, as for epochs.</param>
    internal static Scale Over(Axis axis, IEnumerable<double> values, bool pad, bool whole = false)
    {
        double[] shown = [.. values.Where(axis.CanShow)];
        var (low, high) = shown.Length > 0 ? (shown.Min(), shown.Max()) : axis.Logarithmic ? (1, 10) : (0, 1);
        (low, high) = axis.Logarithmic ? LogarithmicRange(low, high, pad) : LinearRange(low, high, pad);
        (low, high) = (axis.Minimum ?? low, axis.Maximum ?? high);
        // A fixed limit beyond all data leaves an empty range.
        if (low >= high)
        {
            var width = axis.Logarithmic ? low * 9 : Math.Max(1, Math.Abs(low) * 0.1);
            (low, high) = axis.Minimum is null ? (axis.Logarithmic ? high / 10 : high - Math.Max(1, Math.Abs(high) * 0.1), high) : (low, low + width);
        }
        return new Scale(low, high, axis.Logarithmic, whole && shown.Length > 0 && shown.All(double.IsInteger));
    }

    /// <summary>Where a value stands between <paramref name="start"/> (the low end) and <paramref name="end"/>.</summary>
    internal double Place(double value, double start, double end)
    {
        var part = _logarithmic
            ? Math.Log(value / Low) / Math.Log(High / Low)
            : (value - Low) / (High - Low);
        return start + part * (end - start);
    }

    /// <summary>At most about <paramref name="most"/> ticks at round values, from low to high.</summary>
    internal (double Value, string Label)[] Ticks(int most)
    {
        if (!_logarithmic)
            return LinearTicks(Math.Max(1, most));
        var decades = Math.Log10(High / Low);
        if (decades < 1)
            return LinearTicks(Math.Max(1, most));
        ReadOnlySpan<double> multiples = decades * 3 <= most ? [1, 2, 5] : [1];
        var stride = Math.Max(1, (int)Math.Ceiling(decades / Math.Max(1, most)));
        var powers = Low < 0.99e-3 || High > 1.01e4;
        var ticks = new List<(double, string)>();
        for (var exponent = (int)Math.Floor(Math.Log10(Low)); exponent <= Math.Log10(High) + 1e-9; exponent++)
        {
            if (multiples.Length == 1 && exponent % stride != 0)
                continue;
            foreach (var multiple in multiples)
            {
                var value = multiple * Math.Pow(10, exponent);
                if (value >= Low * (1 - 1e-9) && value <= High * (1 + 1e-9))
                    ticks.Add((value, powers ? Markup.Scientific(value) : Markup.Number(value, "0.####")));
            }
        }
        return [.. ticks];
    }

    private static (double, double) LinearRange(double low, double high, bool pad)
    {
        // Narrower than this and neither ticks nor pixels could tell the ends apart.
        var narrowest = Math.Max(1e-300, Math.Max(Math.Abs(low), Math.Abs(high)) * 1e-9);
        if (high - low <= narrowest)
        {
            var around = low == 0 ? 1 : Math.Abs(low) * 0.1;
            return (low - around, high + around);
        }
        if (!pad)
            return (low, high);
        var room = (high - low) * 0.05;
        return (low >= 0 && low < high * 0.35 ? 0 : low - room, high <= 0 && high > low * 0.35 ? 0 : high + room);
    }

    private static (double, double) LogarithmicRange(double low, double high, bool pad)
    {
        if (high <= low * (1 + 1e-9))
            return (low / 2, high * 2);
        var room = pad ? Math.Pow(high / low, 0.05) : 1;
        return (low / room, high * room);
    }

    private (double, string)[] LinearTicks(int most)
    {
        var rough = (High - Low) / most;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { <= 1.0001 => 1, <= 2.0001 => 2, <= 5.0001 => 5, _ => 10 };
        if (_whole)
            step = Math.Max(1, step);
        var ticks = new List<(double, string)>();
        var first = Math.Ceiling(Low / step - 1e-9);
        // Counted by an int: limits that a double cannot tell apart by one step would never end.
        for (var i = 0; i <= 2 * most + 2 && first + i <= Math.Floor(High / step + 1e-9); i++)
            ticks.Add(((first + i) * step, Label((first + i) * step, step, Math.Max(Math.Abs(Low), Math.Abs(High)))));
        return [.. ticks];
    }

    private static string Label(double value, double step, double largest)
    {
        if (value == 0)
            return "0";
        var (divisor, suffix) = largest switch { >= 1e9 => (0, ""), >= 1e6 => (1e6, "M"), >= 1e4 => (1e3, "k"), < 1e-3 => (0, ""), _ => (1.0, "") };
        if (divisor == 0)
            return Markup.Scientific(value);
        var decimals = (int)Math.Clamp(-Math.Floor(Math.Log10(step / divisor) + 1e-9), 0, 15);
        return Markup.Number(value / divisor, decimals == 0 ? "0" : "0." + new string('0', decimals)) + suffix;
    }
}
