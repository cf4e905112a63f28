using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>
/// Meta auxiliary learning (Liu, Davison and Johns, "Self-Supervised Generalisation with Meta Auxiliary Learning", 2019): a network learns its classes and, with a second
/// head, auxiliary classes within them, whose labels another network invents. That one learns by what the labels do: a virtual step of the first network on both losses,
/// and the primary loss after it.
/// </summary>
/// <remarks>
/// The gradient reaches the generator through its labels alone, in which the auxiliary loss is linear: −α · ∂(v · ∇ auxiliary loss) / ∂labels, where v is the gradient of
/// the primary loss behind the virtual step. So the generator runs forward and backward once, whatever the order, and the network needs no forward pass by weights from
/// outside.
/// </remarks>
public sealed class Maxl : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _network;
    private readonly nn.Module<Tensor, Tensor> _auxiliary;
    private readonly FeatureTap _tap;

    /// <summary>Makes the trick for a network.</summary>
    /// <param name="network">From inputs to the scores of the main classes [N, K]; it is not changed but for a hook.</param>
    /// <param name="layer">The layer whose output [N, C] or [N, C, h, w] the auxiliary head takes, by its name in <c>named_modules()</c>.</param>
    /// <param name="auxiliary">From these features to scores of the auxiliary classes; its parameters go into the network's optimiser.</param>
    /// <param name="generator">Gives the auxiliary labels; its parameters go into an optimiser of their own (SGD of 1e-3 with a weight decay of 5e-4 in the repository).</param>
    /// <param name="options">The settings; the repository's where null.</param>
    /// <exception cref="ArgumentException">The name is no layer's.</exception>
    public Maxl(nn.Module<Tensor, Tensor> network, string layer, nn.Module<Tensor, Tensor> auxiliary, LabelGenerator generator, MaxlOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(auxiliary);
        ArgumentNullException.ThrowIfNull(generator);
        _tap = new(network, layer);
        (_network, _auxiliary, Generator, Options) = (network, auxiliary, generator, options ?? new());
    }

    /// <summary>Gives the auxiliary labels.</summary>
    public LabelGenerator Generator { get; }

    /// <summary>The head of the auxiliary classes, dropped after training.</summary>
    public nn.Module<Tensor, Tensor> Auxiliary => _auxiliary;

    /// <summary>The settings.</summary>
    public MaxlOptions Options { get; }

    /// <summary>The primary loss: the mean of −(1 − p)^γ log p of the true classes.</summary>
    /// <param name="scores">[N, K].</param>
    /// <param name="labels">[N], int64.</param>
    /// <returns>A scalar.</returns>
    public Tensor PrimaryLoss(Tensor scores, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(labels);
        using var scope = NewDisposeScope();
        return FocalTarget.Costs(scores, Options.Focusing).gather(1, labels.unsqueeze(1)).mean().MoveToOuterDisposeScope();
    }

    /// <summary>The auxiliary loss of the last forward pass, with labels that the generator gives and does not learn from here; the features are forgotten.</summary>
    /// <param name="input">The input of that pass.</param>
    /// <param name="labels">Main classes [N], int64.</param>
    /// <returns>A scalar, before its weight.</returns>
    /// <exception cref="InvalidOperationException">No forward pass with gradients came since the last call.</exception>
    public Tensor AuxiliaryLoss(Tensor input, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var costs = AuxiliaryCosts();
        return Mean(costs, Labels(input, labels)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Adds the meta-gradient of a batch to the gradients of the generator's parameters; the generator's optimiser makes the step. The network keeps its weights and
    /// buffers, to the bit, and its gradients.
    /// </summary>
    /// <param name="input">The batch, which need not be that of the training step.</param>
    /// <param name="labels">Main classes [N], int64.</param>
    /// <param name="learningRate">α of the virtual step: the learning rate of the network's optimiser.</param>
    /// <returns>The primary loss after the virtual step, a scalar without a gradient.</returns>
    /// <remarks>
    /// The network runs in the mode in which it is. Its weights are written and put back in place, so that no graph over them may still wait for its backward pass.
    /// Dropout on the CPU draws the same units in the passes that the gradient is taken over; on CUDA, whose generators TorchSharp does not show, it draws anew.
    /// </remarks>
    public Tensor MetaGradient(Tensor input, Tensor labels, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(labels);
        using var scope = NewDisposeScope();
        using var graded = enable_grad();
        var soft = Generator.call(input, labels);
        var (slopes, after) = Slopes(input, labels, soft.detach(), learningRate);
        var collapse = soft.mean([0]);
        var objective = (soft * slopes).sum() + (Options.CollapseWeight * (collapse * (collapse + 1e-20).log()).sum());
        objective.backward();
        return after.MoveToOuterDisposeScope();
    }

    /// <summary>Stops listening to the network.</summary>
    public void Dispose() => _tap.Dispose();

    internal void Forget() => _tap.Forget();

    private Tensor Labels(Tensor input, Tensor labels)
    {
        using var ungraded = no_grad();
        return Generator.call(input, labels);
    }

    private static Tensor Mean(Tensor costs, Tensor soft) => (soft * costs).sum() / costs.size(0);

    /// <summary>The derivative of the primary loss after the virtual step by the auxiliary labels; the network is as before.</summary>
    private (Tensor Slopes, Tensor After) Slopes(Tensor input, Tensor labels, Tensor soft, double learningRate)
    {
        var snapshot = new WeightSnapshot(_network, _auxiliary);
        var random = get_rng_state();
        _tap.WithoutGradients = true;
        try
        {
            var step = Gradient(snapshot, Options.AuxiliaryWeight * Mean(Forward(input, labels, out var primary), soft) + primary);
            snapshot.Set((weight, i) => weight - (learningRate * (step[i] + (Options.WeightDecay * weight))));
            Forward(input, labels, out var after);
            var direction = Gradient(snapshot, after);
            snapshot.Restore();
            set_rng_state(random);
            var along = Options.Order == MetaOrder.Second
                ? Exact(input, labels, soft, snapshot, direction)
                : ByDifference(input, labels, snapshot, direction, random);
            return (along * (-learningRate * Options.AuxiliaryWeight / soft.size(0)), after.detach());
        }
        finally
        {
            snapshot.Restore();
            _tap.WithoutGradients = false;
            _tap.Forget();
        }
    }

    // v · ∇ of the costs of each label, as the derivative of v · ∇(labels · costs) by the labels.
    private Tensor Exact(Tensor input, Tensor labels, Tensor soft, WeightSnapshot snapshot, Tensor[] direction)
    {
        var leaf = soft.clone().requires_grad_();
        var gradients = Gradient(snapshot, (leaf * Forward(input, labels, out _)).sum(), createGraph: true);
        var along = gradients.Zip(direction, (gradient, v) => (gradient * v).sum()).Aggregate((sum, one) => sum + one);
        return autograd.grad([along], [leaf])[0];
    }

    private Tensor ByDifference(Tensor input, Tensor labels, WeightSnapshot snapshot, Tensor[] direction, Tensor random)
    {
        using var ungraded = no_grad();
        var norm = direction.Select(one => one.square().sum()).Aggregate((sum, one) => sum + one).sqrt().clamp_min(1e-12);
        var length = Options.Difference / norm;
        Tensor At(Tensor distance)
        {
            snapshot.Set((weight, i) => weight + (distance * direction[i]));
            set_rng_state(random);
            return Forward(input, labels, out _);
        }

        return (At(length) - At(-length)) / (2 * length);
    }

    /// <summary>The costs of the auxiliary classes [N, F] and the primary loss, of the weights as they are.</summary>
    private Tensor Forward(Tensor input, Tensor labels, out Tensor primary)
    {
        primary = PrimaryLoss(_network.call(input), labels);
        return AuxiliaryCosts();
    }

    private Tensor AuxiliaryCosts()
    {
        const int mapDimensions = 4;
        var features = _tap.Take();
        return FocalTarget.Costs(_auxiliary.call(features.dim() == mapDimensions ? features.mean([2, 3]) : features), Options.Focusing);
    }

    // Zero for a parameter that the value does not depend on.
    private static Tensor[] Gradient(WeightSnapshot snapshot, Tensor value, bool createGraph = false)
    {
        var gradients = autograd.grad([value], [.. snapshot.Parameters], retain_graph: createGraph, create_graph: createGraph, allow_unused: true);
        return [.. gradients.Select((gradient, i) => gradient is null || gradient.IsInvalid ? zeros_like(snapshot.Saved[i]) : gradient)];
    }
}
