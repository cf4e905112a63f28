using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// A linear classifier of two classes with a wide margin: min ½|w|² + C Σ max(0, 1 − y (w·x + b))ᵖ, solved by dual coordinate descent (Hsieh et al., 2008)
/// as liblinear and scikit-learn's <c>LinearSVC(dual=True)</c> do.
/// </summary>
public sealed class LinearSupportVectorMachine : IDisposable
{
    private LinearSupportVectorMachine(Tensor weight, double bias, bool converged) => (Weight, Bias, HasConverged) = (weight, bias, converged);

    /// <summary>w, [D] float32, on the device of the features.</summary>
    public Tensor Weight { get; }

    /// <summary>b.</summary>
    public double Bias { get; }

    /// <summary>Whether the tolerance was reached within the passes allowed. Where not, the weights are still a good start: scale the features, or lower C.</summary>
    public bool HasConverged { get; }

    /// <summary>Trains on the CPU, whatever the device of the features.</summary>
    /// <param name="features">[N, D] float32.</param>
    /// <param name="positive">[N] Bool: which samples are positive; at least one is, and at least one is not.</param>
    /// <param name="options">The settings; see <see cref="SupportVectorMachineOptions"/> for the defaults.</param>
    /// <returns>The machine; to be disposed of.</returns>
    /// <exception cref="ArgumentException">A shape or dtype is another, a feature is not finite, or all samples are of one class.</exception>
    public static LinearSupportVectorMachine Train(Tensor features, Tensor positive, SupportVectorMachineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(positive);
        if (features.dim() != 2 || features.dtype != ScalarType.Float32 || features.numel() == 0)
            throw new ArgumentException($"Expected features [N, D] float32, and {features.ShapeText()} {features.dtype} came.", nameof(features));
        if (positive.dim() != 1 || positive.size(0) != features.size(0) || positive.dtype != ScalarType.Bool)
            throw new ArgumentException($"Expected [{features.size(0)}] Bool, and {positive.ShapeText()} {positive.dtype} came.", nameof(positive));
        options ??= new();
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var classes = positive.cpu().Values<bool>();
        if (!classes.Contains(true) || !classes.Contains(false))
            throw new ArgumentException($"Expected samples of both classes, and all are {(classes[0] ? "positive" : "negative")}.", nameof(positive));
        var rows = features.cpu().Values<float>();
        if (!rows.All(float.IsFinite)) throw new ArgumentException("Expected finite features; there are others.", nameof(features));

        var solver = new DualCoordinateDescent(
            rows, classes, options.Loss == HingeLoss.Squared, (options.Cost * options.PositiveWeight, options.Cost), options.BiasScaling);
        var converged = solver.Solve(options.Tolerance, options.MaximumPasses, options.Seed);
        var weight = tensor(Array.ConvertAll(solver.Weights, value => (float)value), device: features.device);
        return new(weight.DetachFromDisposeScope(), solver.ConstantWeight * options.BiasScaling, converged);
    }

    /// <summary>The distances to the boundary, w·x + b: above 0 for what looks positive.</summary>
    /// <param name="features">[N, D] float32, on the device of the weights.</param>
    /// <returns>[N] float32.</returns>
    /// <exception cref="ArgumentException">The features have another shape, dtype or device.</exception>
    public Tensor Scores(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.dim() != 2 || features.size(1) != Weight.size(0) || features.dtype != Weight.dtype || !features.SharesDeviceWith(Weight))
        {
            throw new ArgumentException(
                $"Expected [N, {Weight.size(0)}] {Weight.dtype} on {Weight.device}, and {features.ShapeText()} {features.dtype} on {features.device} came.",
                nameof(features));
        }

        using var scope = NewDisposeScope();
        return (features.matmul(Weight) + Bias).MoveToOuterDisposeScope();
    }

    /// <summary>Disposes of the weights.</summary>
    public void Dispose() => Weight.Dispose();
}
