namespace DistillationSample;

/// <summary>What the runs of one arm gave.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Errors">Of the student on the test images under each seed, in per cent.</param>
/// <param name="Seconds">The time of each run.</param>
internal sealed record ArmResult(Arm Arm, IReadOnlyList<double> Errors, IReadOnlyList<double> Seconds)
{
    public MeanAndSpread Error => MeanAndSpread.Of(Errors);

    /// <summary>What the error is less than that of another arm under the same seeds.</summary>
    public MeanAndSpread Gain(ArmResult over) => MeanAndSpread.Of([.. over.Errors.Zip(Errors, (other, own) => other - own)]);

    /// <summary>The seeds under which the error is lower.</summary>
    public int Wins(ArmResult over) => over.Errors.Zip(Errors, (other, own) => own < other ? 1 : 0).Sum();
}
