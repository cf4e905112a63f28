using TorchSharp.Native;
using static TorchSharp.Native.Operators;

namespace TorchSharp;

public static partial class torch
{
    // Distances, searches and questions.
    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2, compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary) =>
        aten("cdist", x1, x2, p, (long)compute_mode);
    public static Tensor searchsorted(Tensor sorted_sequence, Scalar values, bool out_int32, bool right, Tensor sorter) =>
        aten("searchsorted.Scalar", sorted_sequence, values, out_int32, right, Value.None, sorter);
    public static Tensor searchsorted(Tensor sorted_sequence, Tensor values, bool out_int32 = false, bool right = false, Tensor? sorter = null) =>
        aten("searchsorted.Tensor", sorted_sequence, values, out_int32, right, Value.None, sorter);
    public static Tensor complex(Tensor real, Tensor imag) => aten("complex", real, imag);
    public static Tensor polar(Tensor abs, Tensor angle) => aten("polar", abs, angle);
    public static Tensor real(Tensor input) => input.real;
    public static Tensor imag(Tensor input) => input.imag;
    public static long numel(Tensor input) => input.numel();
    public static bool is_tensor(object obj) => obj is Tensor;
    public static Tensor trapz(Tensor y, double dx = 1, long dim = -1) => y.trapezoid(dx, dim);
    public static Tensor trapz(Tensor y, Tensor x, long dim = -1) => y.trapezoid(x, dim);

    /// <summary>The shape that tensors of these shapes broadcast to.</summary>
    public static Size broadcast_shapes(params long[][] shapes)
    {
        var broadcast = new long[shapes.Max(shape => shape.Length)];
        Array.Fill(broadcast, 1);
        foreach (var shape in shapes)
            for (var i = 1; i <= shape.Length; i++)
            {
                ref var size = ref broadcast[^i];
                if (size == 1) size = shape[^i];
                else if (shape[^i] != 1 && shape[^i] != size)
                    throw new ArgumentException($"Shapes do not broadcast: {string.Join(", ", shapes.Select(one => $"[{string.Join(", ", one)}]"))}.", nameof(shapes));
            }
        return broadcast;
    }

    public static void _assert(bool condition, string message)
    {
        if (!condition) throw new InvalidOperationException(message);
    }

    public static void _assert(Func<bool> condition, string message) => _assert(condition(), message);

    public static bool mps_is_available() => false;
    public static long seed() => random.seed();
    public static long initial_seed() => random.initial_seed();
}
