using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Adversarial;

/// <summary>What attacks by the sign of the input's gradient have in common.</summary>
/// <param name="Model">The model, which the caller has put into evaluation mode.</param>
/// <param name="Input">The inputs.</param>
/// <param name="Labels">Their labels.</param>
/// <param name="Loss">What to raise, of the model's output and the labels; null for the cross-entropy.</param>
internal sealed record InputAttack(nn.Module<Tensor, Tensor> Model, Tensor Input, Tensor Labels, Func<Tensor, Tensor, Tensor>? Loss)
{
    /// <summary>From <paramref name="current"/> one step up the loss, back to within ε of the input and into the range.</summary>
    internal Tensor Step(Tensor current, double size, double epsilon, (double Minimum, double Maximum)? range)
    {
        using var scope = NewDisposeScope();
        var sign = Gradient(current).sign();
        using var ungraded = no_grad();
        return Project(current + (sign * size), epsilon, range).MoveToOuterDisposeScope();
    }

    /// <summary>The nearest point within ε of the input and in the range.</summary>
    internal Tensor Project(Tensor moved, double epsilon, (double Minimum, double Maximum)? range)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var near = torch.minimum(torch.maximum(moved, Input - epsilon), Input + epsilon);
        return (range is var (minimum, maximum) ? near.clamp(minimum, maximum) : near).MoveToOuterDisposeScope();
    }

    private Tensor Gradient(Tensor current)
    {
        using var graded = enable_grad();
        var point = current.detach().requires_grad_();
        var output = Model.call(point);

        // Each sample's gradient is its own: a mean would only make it smaller, down to nothing in large batches.
        var loss = Loss is null ? new SoftTargetLoss(Labels, Reduction: nn.Reduction.Sum).Of(output) : Loss(output, Labels);

        // By these inputs alone, so that the parameters' gradients stay as they are. Where autograd.grad fails, TorchSharp ends the process.
        loss.backward(inputs: [point]);
        return point.grad ?? throw new InvalidOperationException("The loss does not depend on the input of the model.");
    }
}
