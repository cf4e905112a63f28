using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Trains a super-net by the sandwich rule with in-place distillation (Yu and Huang, "Universally Slimmable Networks and Improved Training Techniques", 2019): in
/// each step the largest sub-net learns the labels, and the smallest and a few random ones learn what the largest says, all in the same weights.
/// </summary>
public sealed class InPlaceDistillation
{
    private readonly InPlaceDistillationOptions _options;
    private readonly KnowledgeDistillationLossOptions _soft;

    /// <summary>Makes the trick.</summary>
    /// <param name="space">The widths of the super-net.</param>
    /// <param name="options">The settings; two random sub-nets where null.</param>
    public InPlaceDistillation(WidthSpace space, InPlaceDistillationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        (Space, _options) = (space, options ?? new());
        _soft = KnowledgeDistillationLossOptions.RepDistiller with { Temperature = _options.Temperature };
    }

    /// <summary>The widths of the super-net.</summary>
    public WidthSpace Space { get; }

    /// <summary>The sub-nets that learn from the largest in a step: the smallest and the random ones.</summary>
    /// <param name="step">The number of the step.</param>
    public IReadOnlyList<IReadOnlyList<int>> Subnets(long step) =>
        [Space.Smallest, .. Enumerable.Range(0, _options.RandomSubnets).Select(i => Space.Random(_options.Seed, (step * _options.RandomSubnets) + i))];

    /// <summary>Adds the gradients of a step, one sub-net after the other, so that one graph is there at a time. The network is the largest sub-net afterwards.</summary>
    /// <param name="forward">Runs the super-net on the batch, as it is at the moment: logits [N, K].</param>
    /// <param name="labels">[N], int64.</param>
    /// <param name="step">The number of the step, which the random sub-nets depend on.</param>
    /// <returns>The terms, without gradients, for logs.</returns>
    public IReadOnlyList<LossTerm> Backward(Func<Tensor> forward, Tensor labels, long step) => Backward(forward, labels, Subnets(step));

    /// <summary>The same with sub-nets of the caller's choice.</summary>
    /// <param name="forward">Runs the super-net on the batch, as it is at the moment: logits [N, K].</param>
    /// <param name="labels">[N], int64.</param>
    /// <param name="subnets">Those that learn from the largest.</param>
    /// <returns>The terms, without gradients, for logs.</returns>
    public IReadOnlyList<LossTerm> Backward(Func<Tensor> forward, Tensor labels, IReadOnlyList<IReadOnlyList<int>> subnets)
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(subnets);
        using var scope = NewDisposeScope();
        Space.Set(Space.Largest);
        var output = forward();
        var teacher = output.detach().MoveToOuterDisposeScope();
        try
        {
            List<LossTerm> terms = [Done(new("largest", nn.functional.cross_entropy(output, labels)))];
            for (var i = 0; i < subnets.Count; i++)
            {
                using var inner = NewDisposeScope();
                terms.Add(Done(Subnet(i, forward, teacher, subnets[i])));
                terms[^1].Value.MoveToOuterDisposeScope();
            }

            foreach (var term in terms)
            {
                term.Value.MoveToOuterDisposeScope();
            }

            return terms;
        }
        finally
        {
            teacher.Dispose();
            Space.Set(Space.Largest);
        }

        LossTerm Done(LossTerm term)
        {
            (term.Weight == 1 ? term.Value : term.Value * term.Weight).backward();
            return term with { Value = term.Value.detach() };
        }
    }

    /// <summary>The terms of the sub-nets of a step, "smallest", "random-1" and so on, whose graphs are there together. The network is the largest sub-net afterwards.</summary>
    /// <param name="forward">Runs the super-net on the batch, as it is at the moment: logits [N, K].</param>
    /// <param name="largest">What the largest sub-net said of it; no gradient goes there.</param>
    /// <param name="subnets">Those that learn from it, as <see cref="Subnets"/> gives them.</param>
    /// <returns>Terms with gradients.</returns>
    public IReadOnlyList<LossTerm> Terms(Func<Tensor> forward, Tensor largest, IReadOnlyList<IReadOnlyList<int>> subnets)
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(largest);
        ArgumentNullException.ThrowIfNull(subnets);
        using var scope = NewDisposeScope();
        try
        {
            var terms = subnets.Select((subnet, i) => Subnet(i, forward, largest, subnet)).ToArray();
            foreach (var term in terms)
            {
                term.Value.MoveToOuterDisposeScope();
            }

            return terms;
        }
        finally
        {
            Space.Set(Space.Largest);
        }
    }

    private LossTerm Subnet(int number, Func<Tensor> forward, Tensor largest, IReadOnlyList<int> subnet)
    {
        Space.Set(subnet);
        return new(number == 0 ? "smallest" : $"random-{number}", KnowledgeDistillationLoss.Compute(forward(), largest, _soft), _options.SubnetWeight);
    }
}
