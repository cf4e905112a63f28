namespace DeepTricks.Kernels;

/// <summary>What one thread does at a time: some channels of one image.</summary>
internal readonly record struct PoolingItem(RegionRun Run, int FirstChannel, int Channels);
