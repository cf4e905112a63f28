namespace DeepTricks.Distillation;

/// <summary>
/// A number of channels that is searched for: the ones it can be, and the one it is. Layers that share a choice (those that a residual connection adds up) change together.
/// </summary>
public sealed class WidthChoice
{
    private readonly long[] _channels;

    /// <summary>Makes a choice, which starts at its largest.</summary>
    /// <param name="name">What people read.</param>
    /// <param name="channels">The numbers of channels, rising, each at least 1.</param>
    /// <exception cref="ArgumentException">There is none, or they do not rise.</exception>
    public WidthChoice(string name, params IReadOnlyList<long> channels)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(channels);
        if (channels.Count == 0 || channels[0] < 1 || channels.Zip(channels.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            throw new ArgumentException($"Expected rising numbers of channels of at least 1; they are: {string.Join(", ", channels)}.", nameof(channels));
        }

        (Name, _channels) = (name, [.. channels]);
        Index = _channels.Length - 1;
    }

    /// <summary>What people read.</summary>
    public string Name { get; }

    /// <summary>What it can be.</summary>
    public IReadOnlyList<long> Options => _channels;

    /// <summary>The largest.</summary>
    public long Largest => _channels[^1];

    /// <summary>What it is.</summary>
    public long Channels => _channels[Index];

    /// <summary>The place of what it is among <see cref="Options"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public int Index
    {
        get;
        set => field = value >= 0 && value < _channels.Length
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Index), value, $"\"{Name}\" has {_channels.Length} options.");
    }

    /// <summary>A number of channels that is not searched for, as that of images or classes.</summary>
    /// <param name="name">What people read.</param>
    /// <param name="channels">The number.</param>
    public static WidthChoice Fixed(string name, long channels) => new(name, channels);

    /// <summary>Parts of a number of channels, rounded up.</summary>
    /// <param name="name">What people read.</param>
    /// <param name="full">The largest.</param>
    /// <param name="parts">Rising, above 0 and at most 1; quarters where none are given.</param>
    public static WidthChoice Parts(string name, long full, params IReadOnlyList<double> parts) =>
        new(name, [.. (parts.Count > 0 ? parts : [0.25, 0.5, 0.75, 1]).Select(part => (long)Math.Ceiling(full * part)).Distinct()]);
}
