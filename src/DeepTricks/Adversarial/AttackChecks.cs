using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Adversarial;

/// <summary>The checks that attacks share.</summary>
internal static class AttackChecks
{
    internal static double Distance(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a finite distance of at least 0.");

    internal static (double Minimum, double Maximum)? Range((double Minimum, double Maximum)? value, string name) =>
        value is null || value.Value.Minimum < value.Value.Maximum
            ? value
            : throw new ArgumentException($"Expected a lower bound below the upper one; the range is {value}.", name);

    internal static void Check(nn.Module<Tensor, Tensor> model, Tensor input, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(labels);
        if (!input.is_floating_point())
        {
            throw new ArgumentException($"Expected inputs of a floating type; the type is {input.dtype}.", nameof(input));
        }

        if (input.dim() == 0 || labels.dim() == 0 || labels.shape[0] != input.shape[0])
        {
            throw new ArgumentException(
                $"Expected a label for each input; inputs have the shape {input.ShapeText()}, labels {labels.ShapeText()}.", nameof(labels));
        }
    }
}
