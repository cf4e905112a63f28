namespace DeepTricks.Training;

/// <summary>The loss over growing learning rates.</summary>
/// <param name="Rates">The rates, growing.</param>
/// <param name="Losses">The smoothed loss at each rate, up to where it diverged.</param>
public sealed record LearningRateCurve(IReadOnlyList<double> Rates, IReadOnlyList<double> Losses)
{
    // The smoothed loss has little to go by at first.
    private const int SkippedPart = 10;

    /// <summary>
    /// The rate at which the loss falls the fastest over the logarithm of the rate, the first tenth left out as in fastai; NaN with
    /// fewer than two points.
    /// </summary>
    public double Steepest
    {
        get
        {
            var (best, slope) = (double.NaN, double.PositiveInfinity);
            for (var i = 1 + (Rates.Count / SkippedPart); i < Rates.Count; i++)
            {
                var here = (Losses[i] - Losses[i - 1]) / Math.Log(Rates[i] / Rates[i - 1]);
                if (here < slope)
                    (best, slope) = (Rates[i], here);
            }
            return best;
        }
    }

    /// <summary>A tenth of the rate with the lowest loss, a cautious choice; NaN with no point.</summary>
    public double LowestTenth => Rates.Count == 0 ? double.NaN : Losses.Zip(Rates).Min().Second / 10;
}
