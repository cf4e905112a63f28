using DeepTricks.Data;

namespace DeepTricks.Distillation;

/// <summary>Draws from a distribution over many outcomes in constant time: an outcome by chance, or the other one that shares its place (Walker, 1977; Vose, 1991).</summary>
internal sealed class AliasTable
{
    private readonly double[] _own;
    private readonly int[] _other;

    public AliasTable(ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights)
        {
            sum += weight >= 0 && double.IsFinite(weight)
                ? weight
                : throw new ArgumentOutOfRangeException(nameof(weights), weight, "Expected finite weights of at least 0.");
        }

        if (sum == 0)
        {
            throw new ArgumentException("Expected a weight above 0.", nameof(weights));
        }

        (_own, _other) = (new double[weights.Length], new int[weights.Length]);
        var (less, more) = (new Stack<int>(), new Stack<int>());
        for (var i = 0; i < weights.Length; i++)
        {
            _own[i] = weights[i] / sum * weights.Length;
            (_own[i] < 1 ? less : more).Push(i);
        }

        while (less.Count > 0 && more.Count > 0)
        {
            var (small, large) = (less.Pop(), more.Pop());
            _other[small] = large;
            _own[large] -= 1 - _own[small];
            (_own[large] < 1 ? less : more).Push(large);
        }

        // What is left over is 1 but for rounding.
        foreach (var rest in less.Concat(more))
        {
            _own[rest] = 1;
        }
    }

    public int Draw(SampleRandom random)
    {
        var place = random.NextInt32(_own.Length);
        return random.NextSingle() < _own[place] ? place : _other[place];
    }
}
