namespace DeepTricks.Losses;

/// <summary>Over which classes a <see cref="LovaszSoftmaxLoss"/> is averaged.</summary>
public enum LovaszClasses
{
    /// <summary>Those that the targets have, of the batch or of the image.</summary>
    Present,

    /// <summary>All: one that is not there costs its largest probability.</summary>
    All,
}
