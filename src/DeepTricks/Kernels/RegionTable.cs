namespace DeepTricks.Kernels;

/// <summary>
/// The regions of a segmentation with what selective search compares: size, box, histograms of colours and of derivatives (each of sum 1), and neighbours.
/// </summary>
internal sealed class RegionTable
{
    public const int ColorBins = 25, TextureBins = 10, TextureDirections = 8;

    private RegionTable(int count, int channels)
    {
        (Count, ColorLength, TextureLength) = (count, channels * ColorBins, channels * TextureDirections * TextureBins);
        Sizes = new int[count];
        Boxes = new (int, int, int, int)[count];
        Colors = new float[count * ColorLength];
        Textures = new float[count * TextureLength];
        Neighbours = new HashSet<int>[count];
    }

    public int Count { get; }

    public int ColorLength { get; }

    public int TextureLength { get; }

    /// <summary>The pixels of each region.</summary>
    public int[] Sizes { get; }

    /// <summary>The box of each region; right and bottom are the first column and row behind it.</summary>
    public (int Left, int Top, int Right, int Bottom)[] Boxes { get; }

    /// <summary>[count, <see cref="ColorLength"/>].</summary>
    public float[] Colors { get; }

    /// <summary>[count, <see cref="TextureLength"/>].</summary>
    public float[] Textures { get; }

    /// <summary>The regions that touch each, at a corner too.</summary>
    public HashSet<int>[] Neighbours { get; }

    /// <summary>Describes the regions of a segmentation.</summary>
    public static RegionTable Of(int[] labels, int count, int width, int height, PixelBins bins)
    {
        var table = new RegionTable(count, bins.Colors.Length);
        for (var i = 0; i < count; i++) (table.Boxes[i], table.Neighbours[i]) = ((width, height, 0, 0), []);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                table.Place(labels, x, y, width, height);
        for (var channel = 0; channel < bins.Colors.Length; channel++) Tally(labels, bins.Colors[channel], table.Colors, table.ColorLength, channel * ColorBins);
        for (var map = 0; map < bins.Textures.Length; map++) Tally(labels, bins.Textures[map], table.Textures, table.TextureLength, map * TextureBins);
        for (var i = 0; i < count; i++)
        {
            Scale(table.Colors.AsSpan(i * table.ColorLength, table.ColorLength), 1f / (table.Sizes[i] * bins.Colors.Length));
            Scale(table.Textures.AsSpan(i * table.TextureLength, table.TextureLength), 1f / (table.Sizes[i] * bins.Textures.Length));
        }

        return table;
    }

    private void Place(int[] labels, int x, int y, int width, int height)
    {
        var label = labels[(y * width) + x];
        Sizes[label]++;
        var box = Boxes[label];
        Boxes[label] = (Math.Min(box.Left, x), Math.Min(box.Top, y), Math.Max(box.Right, x + 1), Math.Max(box.Bottom, y + 1));
        if (x + 1 < width) Touch(label, labels[(y * width) + x + 1]);
        if (y + 1 == height) return;
        for (var beside = Math.Max(x - 1, 0); beside <= Math.Min(x + 1, width - 1); beside++) Touch(label, labels[((y + 1) * width) + beside]);
    }

    private void Touch(int a, int b)
    {
        if (a == b || !Neighbours[a].Add(b)) return;
        Neighbours[b].Add(a);
    }

    private static void Tally(int[] labels, byte[] bins, float[] histograms, int length, int offset)
    {
        for (var i = 0; i < labels.Length; i++) histograms[(labels[i] * length) + offset + bins[i]]++;
    }

    private static void Scale(Span<float> values, float factor)
    {
        foreach (ref var value in values) value *= factor;
    }
}
