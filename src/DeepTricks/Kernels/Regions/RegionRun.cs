namespace DeepTricks.Kernels;

/// <summary>Consecutive regions, by <see cref="RegionOrder"/>, that are read from one image of one level.</summary>
internal readonly record struct RegionRun(int Level, int Image, int First, int Last)
{
    public int Count => Last - First;
}
