namespace DeepTricks.Kernels;

/// <summary>The levels of a plane, each of half the sides of the one before, one after the other in memory.</summary>
internal sealed unsafe class ImagePyramid
{
    private const float Quarter = 0.25f;
    private readonly (int Height, int Width, int Start, int Top, int Left)[] _levels;

    /// <param name="height">Of the first level.</param>
    /// <param name="width">Of the first level.</param>
    /// <param name="levels">The number of levels.</param>
    /// <param name="padded">Whether an odd side has a zero before it and half of it is rounded up; else its last row is left out.</param>
    public ImagePyramid(int height, int width, int levels, bool padded)
    {
        _levels = new (int, int, int, int, int)[levels];
        for (var level = 0; level < levels; level++)
        {
            var (top, left) = padded ? (height % 2, width % 2) : (0, 0);
            _levels[level] = (height, width, Size, top, left);
            Size += height * width;
            (height, width) = ((height + top) / 2, (width + left) / 2);
        }
    }

    /// <summary>The values of all levels.</summary>
    public int Size { get; }

    public int Levels => _levels.Length;

    public int Height(int level) => _levels[level].Height;

    public int Width(int level) => _levels[level].Width;

    /// <summary>Where a level begins.</summary>
    public int Start(int level) => _levels[level].Start;

    /// <summary>Computes a level from the one before: means of two by two.</summary>
    public void Halve(float* plane, int level)
    {
        var (fine, coarse) = (_levels[level - 1], _levels[level]);
        float* from = plane + fine.Start, to = plane + coarse.Start;
        for (var i = 0; i < coarse.Height; i++)
        {
            var row = (2 * i) - fine.Top;
            float* upper = row < 0 ? null : from + (row * fine.Width), lower = from + ((row + 1) * fine.Width);
            for (var j = 0; j < coarse.Width; j++)
            {
                var column = (2 * j) - fine.Left;
                var sum = lower[column + 1] + (upper == null ? 0 : upper[column + 1]);
                if (column >= 0)
                {
                    sum += lower[column] + (upper == null ? 0 : upper[column]);
                }

                to[(i * coarse.Width) + j] = sum * Quarter;
            }
        }
    }

    /// <summary>Adds the gradient of a level to that of the one before.</summary>
    public void AddBack(float* plane, int level)
    {
        var (fine, coarse) = (_levels[level - 1], _levels[level]);
        float* to = plane + fine.Start, from = plane + coarse.Start;
        for (var row = 0; row < Math.Min(fine.Height, (2 * coarse.Height) - fine.Top); row++)
        {
            var line = from + ((row + fine.Top) / 2 * coarse.Width);
            for (var column = 0; column < Math.Min(fine.Width, (2 * coarse.Width) - fine.Left); column++)
            {
                to[(row * fine.Width) + column] += line[(column + fine.Left) / 2] * Quarter;
            }
        }
    }
}
