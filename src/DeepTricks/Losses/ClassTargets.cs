using System.Runtime.InteropServices;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// A target distribution for each class, instead of all the mass on the class itself: of a leopard, say, 0.8 leopard and
/// 0.2 cat. Row y of the table is the distribution that a sample of class y is trained towards.
/// </summary>
public sealed class ClassTargets
{
    private const float Tolerance = 1e-4f;
    private readonly float[] _table;
    private readonly SoftTargets _unweighted;

    private ClassTargets(float[] table, int classes)
    {
        (_table, Classes) = (table, classes);
        _unweighted = SoftTargets.Table(table, Enumerable.Repeat(1f, classes).ToArray());
    }

    /// <summary>The number of classes, K.</summary>
    public int Classes { get; }

    /// <summary>The probability that the targets of class <paramref name="label"/> give to <paramref name="other"/>.</summary>
    public float this[int label, int other] => _table[(label * Classes) + other];

    /// <summary>Takes a table as it stands.</summary>
    /// <param name="table">[K, K]; each row is a distribution: no entry below 0, the sum 1 within 1e-4.</param>
    /// <exception cref="ArgumentException">The table is not square, or a row is no distribution.</exception>
    public static ClassTargets FromMatrix(float[,] table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var classes = table.GetLength(0);
        if (classes == 0 || table.GetLength(1) != classes)
        {
            throw new ArgumentException($"Expected a square table; it is {classes} x {table.GetLength(1)}.", nameof(table));
        }

        var flat = MemoryMarshal.CreateReadOnlySpan(ref table[0, 0], classes * classes).ToArray();
        for (var y = 0; y < classes; y++)
        {
            CheckRow(flat.AsSpan(y * classes, classes), y);
        }

        return new(flat, classes);
    }

    /// <summary>Takes a table from a tensor [K, K] of a floating type, as <see cref="FromMatrix(float[,])"/> does; the values are copied.</summary>
    public static ClassTargets FromMatrix(Tensor table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.dim() != 2 || table.shape[0] != table.shape[1])
        {
            throw new ArgumentException($"Expected a square table; the shape is {table.ShapeText()}.", nameof(table));
        }

        if (!table.is_floating_point())
        {
            throw new ArgumentException($"Expected a table of a floating type; the type is {table.dtype}.", nameof(table));
        }

        using var host = table.to(ScalarType.Float32, CPU);
        using var contiguous = host.contiguous();
        var values = new float[table.shape[0], table.shape[1]];
        MemoryMarshal.Cast<byte, float>(contiguous.bytes).CopyTo(MemoryMarshal.CreateSpan(ref values[0, 0], values.Length));
        return FromMatrix(values);
    }

    /// <summary>(1 − ε) for the class itself and ε/K for every class: label smoothing as PyTorch has it.</summary>
    /// <param name="classes">K.</param>
    /// <param name="smoothing">ε, in [0, 1].</param>
    public static ClassTargets Uniform(int classes, double smoothing) =>
        FromRule(classes, smoothing, (y, c) => (smoothing / classes) + (y == c ? 1 - smoothing : 0));

    /// <summary>
    /// Gives the mass ε to the other classes of the same super-class, in equal parts; a class that is alone in its super-class keeps it.
    /// </summary>
    /// <param name="superclasses">The super-class of each class; any numbers.</param>
    /// <param name="smoothing">ε, in [0, 1]: what a class gives away.</param>
    /// <param name="across">The part of ε that goes to the classes outside the super-class, in equal parts; in [0, 1], 0 by default.</param>
    public static ClassTargets FromHierarchy(IReadOnlyList<int> superclasses, double smoothing, double across = 0)
    {
        ArgumentNullException.ThrowIfNull(superclasses);
        CheckShare(across, nameof(across));
        var classes = superclasses.Count;
        var sizes = superclasses.GroupBy(superclass => superclass).ToDictionary(group => group.Key, group => group.Count());
        return FromRule(classes, smoothing, (y, c) =>
        {
            var size = sizes[superclasses[y]];
            var (siblings, strangers) = (size - 1, classes - size);
            var inside = siblings == 0 ? 0 : smoothing * (strangers == 0 ? 1 : 1 - across);
            var outside = strangers == 0 ? 0 : smoothing * across;
            return c == y ? 1 - inside - outside
                : superclasses[c] == superclasses[y] ? inside / siblings
                : outside / strangers;
        });
    }

    /// <summary>The table on the device and in the type of <paramref name="like"/>.</summary>
    internal Tensor On(Tensor like) => tensor(_table, [Classes, Classes]).to(like.dtype, like.device);

    internal SoftTargets ForKernel(float[]? weights) => weights is null ? _unweighted : SoftTargets.Table(_table, weights);

    private static ClassTargets FromRule(int classes, double smoothing, Func<int, int, double> rule)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        CheckShare(smoothing, nameof(smoothing));
        var table = new float[classes * classes];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = (float)rule(i / classes, i % classes);
        }

        return new(table, classes);
    }

    private static void CheckShare(double value, string name)
    {
        if (!(value >= 0 && value <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "Expected a share between 0 and 1.");
        }
    }

    private static void CheckRow(ReadOnlySpan<float> row, int label)
    {
        var sum = 0f;
        foreach (var value in row)
        {
            if (!(value >= 0))
            {
                throw new ArgumentException($"Row {label} has an entry of {value}; probabilities are not negative.", "table");
            }

            sum += value;
        }

        if (!(MathF.Abs(sum - 1) <= Tolerance))
        {
            throw new ArgumentException($"Row {label} sums to {sum}; a distribution sums to 1.", "table");
        }
    }
}
