using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Noise on what the teacher says: z (1 + σ ξ) with ξ of a normal distribution, for some samples. The student learns from many teachers in one
/// (Sau and Balasubramanian, "Deep Model Compression: Distilling Knowledge from Noisy Teachers", 2016).
/// </summary>
public static class TeacherNoise
{
    /// <summary>Perturbs logits, or any tensor of samples.</summary>
    /// <param name="values">[N, …], of a floating type.</param>
    /// <param name="generator">What the noise and the choice are drawn from, a generator of the CPU.</param>
    /// <param name="options">The settings; the defaults where null.</param>
    /// <returns>A new tensor of the same shape, type and device; a constant.</returns>
    /// <exception cref="ArgumentException">The values are of no floating type, or a single number.</exception>
    public static Tensor Apply(Tensor values, Generator generator, TeacherNoiseOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(generator);
        if (!values.is_floating_point() || values.dim() == 0)
        {
            throw new ArgumentException($"Expected samples [N, ...] of a floating type; they are {values.ShapeText()} of {values.dtype}.", nameof(values));
        }

        options ??= new();
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        long[] choices = [options.PerSample ? values.shape[0] : 1, .. values.shape[1..].Select(_ => 1L)];
        var chosen = rand(choices, ScalarType.Float64, generator: generator).lt(options.Probability).to(ScalarType.Float32);
        var noise = randn(values.shape, ScalarType.Float32, generator: generator) * chosen * Math.Sqrt(options.Variance);
        return (values * (noise + 1).to(values.dtype, values.device)).MoveToOuterDisposeScope();
    }
}
