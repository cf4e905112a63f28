namespace DeepTricks.Training;

/// <summary>The unit of a <see cref="Duration"/>.</summary>
public enum DurationUnit
{
    /// <summary>Steps of the optimiser.</summary>
    Steps,

    /// <summary>Passes over the data.</summary>
    Epochs,

    /// <summary>A part of the whole training, from 0 to 1.</summary>
    Fraction,
}
