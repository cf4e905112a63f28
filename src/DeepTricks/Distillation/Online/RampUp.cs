using DeepTricks.Training;

namespace DeepTricks.Distillation;

/// <summary>Weights that rise while networks become worth learning from.</summary>
public static class RampUp
{
    /// <summary>
    /// exp(−5 (1 − e/E)²) of the epoch e, from 0, and 1 after E epochs (Laine and Aila, "Temporal Ensembling", 2017); ONE and FFL take E = 80.
    /// </summary>
    /// <param name="epochs">E.</param>
    /// <param name="weight">What the ramp is multiplied by.</param>
    public static Schedule Of(double epochs = 80, double weight = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epochs);
        return Schedule.Of(time =>
        {
            var epoch = time.StepsPerEpoch == 0 ? 0 : time.Step / time.StepsPerEpoch;
            var left = epochs == 0 ? 0 : 1 - Math.Min(epoch / epochs, 1);
            return weight * Math.Exp(-5 * left * left);
        });
    }
}
