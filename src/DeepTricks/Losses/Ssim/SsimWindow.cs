namespace DeepTricks.Losses;

/// <summary>The Gaussian window of structural similarity.</summary>
internal static class SsimWindow
{
    /// <summary>A normalised Gaussian about position size / 2; for an even size that is right of the middle, as in the references.</summary>
    public static float[] Of(int size, double sigma)
    {
        var weights = new double[size];
        for (var i = 0; i < size; i++)
        {
            double distance = i - (size / 2);
            weights[i] = Math.Exp(-distance * distance / (2 * sigma * sigma));
        }

        var sum = weights.Sum();
        return Array.ConvertAll(weights, weight => (float)(weight / sum));
    }
}
