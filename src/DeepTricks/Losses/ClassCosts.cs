using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Losses;

/// <summary>
/// What it costs to take one class for another: entry (y, c) is the cost of predicting c for a sample of class y. So a dog taken for another
/// dog may cost less than a dog taken for a car.
/// </summary>
public sealed class ClassCosts
{
    private readonly float[] _table;

    private ClassCosts(float[] table, int classes) => (_table, Classes) = (table, classes);

    /// <summary>The number of classes, K.</summary>
    public int Classes { get; }

    /// <summary>The cost of predicting <paramref name="predicted"/> for a sample of class <paramref name="label"/>.</summary>
    public float this[int label, int predicted] => _table[(label * Classes) + predicted];

    /// <summary>Takes a table as it stands.</summary>
    /// <param name="table">[K, K]; rows are labels, columns predictions; finite costs of at least 0, as a rule 0 on the diagonal.</param>
    /// <exception cref="ArgumentException">The table is not square, or an entry is negative or not finite.</exception>
    public static ClassCosts FromMatrix(float[,] table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var classes = table.GetLength(0);
        if (classes == 0 || table.GetLength(1) != classes)
        {
            throw new ArgumentException($"Expected a square table; it is {classes} x {table.GetLength(1)}.", nameof(table));
        }

        var flat = MemoryMarshal.CreateReadOnlySpan(ref table[0, 0], table.Length).ToArray();
        for (var i = 0; i < flat.Length; i++)
        {
            if (!(flat[i] >= 0 && float.IsFinite(flat[i])))
            {
                throw new ArgumentException($"The cost of {i % classes} for {i / classes} is {flat[i]}; costs are finite and not negative.", nameof(table));
            }
        }

        return new(flat, classes);
    }

    /// <summary>0 for the class itself, one cost for the other classes of its super-class, another for the classes outside.</summary>
    /// <param name="superclasses">The super-class of each class; any numbers.</param>
    /// <param name="within">The cost inside a super-class, at least 0.</param>
    /// <param name="across">The cost across super-classes, at least 0.</param>
    /// <exception cref="ArgumentException">There is no class, or a cost is negative or not finite.</exception>
    public static ClassCosts FromHierarchy(IReadOnlyList<int> superclasses, double within, double across)
    {
        ArgumentNullException.ThrowIfNull(superclasses);
        CheckCost(within, nameof(within));
        CheckCost(across, nameof(across));
        var classes = superclasses.Count;
        if (classes == 0)
        {
            throw new ArgumentException("Expected the super-class of each class; there is none.", nameof(superclasses));
        }

        var table = new float[classes * classes];
        for (var i = 0; i < table.Length; i++)
        {
            var (label, predicted) = (i / classes, i % classes);
            table[i] = label == predicted ? 0 : (float)(superclasses[label] == superclasses[predicted] ? within : across);
        }

        return new(table, classes);
    }

    /// <summary>The table [K, K] in a type and on a device.</summary>
    internal Tensor On(ScalarType dtype, Device device) => tensor(_table, [Classes, Classes]).to(dtype, device);

    private static void CheckCost(double cost, string name)
    {
        if (!(cost >= 0 && double.IsFinite(cost)))
        {
            throw new ArgumentOutOfRangeException(name, cost, "Expected a finite cost of at least 0.");
        }
    }
}
