namespace DeepTricks.Detection;

/// <summary>By what selective search finds two regions alike; each is between 0 and 1, and those that are chosen are added.</summary>
[Flags]
public enum RegionSimilarities
{
    /// <summary>The intersection of the colour histograms, 25 bins a channel.</summary>
    Color = 1,

    /// <summary>The intersection of the histograms of derivatives, 10 bins for each of eight directions of each channel.</summary>
    Texture = 2,

    /// <summary>1 − the part of the picture that both take: small regions merge first.</summary>
    Size = 4,

    /// <summary>1 − the part of the picture that lies in the box around both and in neither: regions merge that fit into each other.</summary>
    Fill = 8,

    /// <summary>All four.</summary>
    All = Color | Texture | Size | Fill,
}
