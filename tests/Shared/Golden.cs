using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Testing;

/// <summary>
/// The tensors of <c>tests/fixtures/golden.py</c>, rebuilt from their names: number i of a name is
/// u = splitmix64(fnv1a64(name) + i), scaled to [-1, 1). So a golden file holds names and results, and no inputs.
/// </summary>
public static class Golden
{
    /// <summary>The first <paramref name="count"/> numbers of a name, each in [-1, 1).</summary>
    public static double[] Numbers(string name, long count)
    {
        var numbers = new double[count];
        var start = Fnv1a(name);
        for (var i = 0; i < numbers.Length; i++) numbers[i] = (SplitMix(start + (ulong)i) >> 11) * (1.0 / (1L << 53)) * 2 - 1;
        return numbers;
    }

    /// <summary>scale * u + shift in the given shape; computed in double, then rounded to the dtype.</summary>
    public static Tensor Tensor(string name, long[] shape, double scale = 1, double shift = 0, ScalarType dtype = ScalarType.Float32)
    {
        var numbers = Numbers(name, Count(shape));
        for (var i = 0; i < numbers.Length; i++) numbers[i] = numbers[i] * scale + shift;
        using var exact = tensor(numbers, shape, ScalarType.Float64);
        return exact.to(dtype, copy: true);
    }

    /// <summary>Whole numbers in [0, high) as int64.</summary>
    public static Tensor Integers(string name, long high, params long[] shape)
    {
        var numbers = Numbers(name, Count(shape));
        return tensor(Array.ConvertAll(numbers, u => Math.Min((long)((u + 1) / 2 * high), high - 1)), shape);
    }

    /// <summary>
    /// Gives every entry of the state dict the numbers of its own name: of two dimensions and more u / sqrt(fan in), a weight
    /// of one dimension 1 + 0.1 u, a running variance 1 + 0.5 |u|, others of one dimension 0.1 u, and integers zero.
    /// </summary>
    public static T Fill<T>(T module) where T : nn.Module
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, entry) in module.state_dict())
        {
            if (!entry.is_floating_point())
            {
                entry.zero_();
                continue;
            }
            var numbers = Numbers(name, entry.numel());
            var shape = entry.shape;
            var fanIn = shape.Length >= 2 ? Math.Sqrt(Count(shape[1..])) : 0;
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = shape.Length >= 2 ? numbers[i] / fanIn
                    : name.EndsWith("running_var", StringComparison.Ordinal) ? 1 + 0.5 * Math.Abs(numbers[i])
                    : name.EndsWith("weight", StringComparison.Ordinal) ? 1 + 0.1 * numbers[i]
                    : 0.1 * numbers[i];
            }
            entry.copy_(tensor(numbers, shape, ScalarType.Float64));
        }
        return module;
    }

    /// <summary>
    /// Gradients of sum(output_i * u("cotangent" + i)) with respect to the inputs, as golden.py's <c>grads</c> takes them;
    /// null for an input that the outputs do not depend on.
    /// </summary>
    public static Tensor?[] Gradients(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> inputs, string cotangent = "cotangent")
    {
        using var scope = NewDisposeScope();
        var cotangents = outputs.Select((output, i) => Tensor($"{cotangent}{i}", output.shape, dtype: output.dtype)).ToArray();
        var gradients = autograd.grad([.. outputs], [.. inputs], cotangents, allow_unused: true);
        return [.. gradients.Select(gradient => gradient.IsInvalid ? null : gradient.MoveToOuterDisposeScope())];
    }

    /// <inheritdoc cref="Gradients(IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, string)"/>
    public static Tensor?[] Gradients(Tensor output, params Tensor[] inputs) => Gradients([output], inputs);

    private static long Count(ReadOnlySpan<long> shape)
    {
        var count = 1L;
        foreach (var size in shape) count *= size;
        return count;
    }

    private static ulong Fnv1a(string name)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 0x100000001b3;
        return hash;
    }

    private static ulong SplitMix(ulong z)
    {
        z += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
