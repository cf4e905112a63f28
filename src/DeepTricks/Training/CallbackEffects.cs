namespace DeepTricks.Training;

/// <summary>What a callback reads and writes, and what it cannot be combined with. The Trainer checks it before the first batch.</summary>
public sealed record CallbackEffects
{
    /// <summary>Nothing is read, written or excluded.</summary>
    public static CallbackEffects None { get; } = new();

    /// <summary>What the callback looks at.</summary>
    public TrainingParts Reads { get; init; }

    /// <summary>What the callback changes in a way that others can build upon.</summary>
    public TrainingParts Writes { get; init; }

    /// <summary>What the callback determines alone: two callbacks that own the same part cannot be combined.</summary>
    public TrainingParts Owns { get; init; }

    /// <summary>Callbacks that this one cannot be combined with, for reasons other than owning the same part.</summary>
    public IReadOnlyList<Incompatibility> Excludes { get; init; } = [];

    /// <summary>Throws where two of the callbacks exclude each other.</summary>
    /// <param name="callbacks">The callbacks of a run.</param>
    /// <exception cref="InvalidOperationException">Two callbacks cannot be combined; the message names both and says why.</exception>
    internal static void Check(IReadOnlyList<Callback> callbacks)
    {
        for (var i = 0; i < callbacks.Count; i++)
            for (var j = 0; j < callbacks.Count; j++)
            {
                if (i == j)
                    continue;
                var (one, other) = (callbacks[i], callbacks[j]);
                if (one.Effects.Excludes.FirstOrDefault(excluded => excluded.Callback.IsInstanceOfType(other)) is { } found)
                    throw new InvalidOperationException($"{one.Name} cannot be combined with {other.Name}, because {found.Reason}.");
                var shared = one.Effects.Owns & other.Effects.Owns;
                if (shared != 0)
                    throw new InvalidOperationException(
                        $"{one.Name} cannot be combined with {other.Name}, because both determine alone: {shared}. Keep one of them.");
            }
    }
}
