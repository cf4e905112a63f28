using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>
/// What all distances and angles among the points of a batch are made of: their products in double precision, taken around their mean, since neither
/// changes when all points move. Rows are padded with zeros to whole vectors.
/// </summary>
internal sealed unsafe class PairGeometry : IDisposable
{
    /// <summary>Squared distances below this share of the points' own squares have lost their digits in the products and are computed again from the points.</summary>
    private const double Doubtful = 1e-6;

    /// <param name="points">[B, D], contiguous, single precision on the CPU.</param>
    public PairGeometry(Tensor points)
    {
        Count = (int)points.shape[0];
        Stride = (Count + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        using var scope = NewDisposeScope();
        var exact = points.to(ScalarType.Float64);
        Points = (exact - exact.mean([0], keepdim: true)).MoveToOuterDisposeScope();
        var products = Points.mm(Points.t());
        Products = new double[Count * Stride];
        Inverses = new double[Count * Stride];
        var values = products.Address<double>();
        for (var i = 0; i < Count; i++)
        {
            new Span<double>(values + ((long)i * Count), Count).CopyTo(Products.AsSpan(i * Stride));
        }

        for (var i = 0; i < Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var square = SquaredDistance(i, j);
                Inverses[(i * Stride) + j] = Inverses[(j * Stride) + i] = square > 0 ? 1 / Math.Sqrt(square) : 0;
            }
        }
    }

    /// <summary>How many points there are.</summary>
    public int Count { get; }

    /// <summary>From one row of a matrix to the next.</summary>
    public int Stride { get; }

    /// <summary>The points around their mean, [B, D] in double precision.</summary>
    public Tensor Points { get; }

    /// <summary>The products of the points, [B, stride].</summary>
    public double[] Products { get; }

    /// <summary>1 / distance of each pair, 0 where two points are one, [B, stride].</summary>
    public double[] Inverses { get; }

    public void Dispose() => Points.Dispose();

    /// <summary>The gradient of the points from that of their products, which need not be symmetric: (S + Sᵀ)·points.</summary>
    public Tensor Gradient(double[] slopes, double factor)
    {
        using var scope = NewDisposeScope();
        var both = empty([Count, Count], ScalarType.Float64);
        var values = both.Address<double>();
        for (var i = 0; i < Count; i++)
        {
            for (var j = 0; j < Count; j++)
            {
                values[((long)i * Count) + j] = (slopes[(i * Stride) + j] + slopes[(j * Stride) + i]) * factor;
            }
        }

        return both.mm(Points).MoveToOuterDisposeScope();
    }

    private double SquaredDistance(int i, int j)
    {
        var own = Products[(i * Stride) + i] + Products[(j * Stride) + j];
        var square = own - (2 * Products[(i * Stride) + j]);
        if (square > own * Doubtful)
        {
            return square;
        }

        var width = Points.shape[1];
        double* a = Points.Address<double>() + (i * width), b = Points.Address<double>() + (j * width);
        double sum = 0;
        for (var k = 0L; k < width; k++)
        {
            sum += (a[k] - b[k]) * (a[k] - b[k]);
        }

        return sum;
    }
}
