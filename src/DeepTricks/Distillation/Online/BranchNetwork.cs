using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Networks that learn side by side, as one: whole ones (mutual learning), or branches on a trunk that they share (ONE). Its output is the mean of their logits, or what a
/// gate mixes of them; its own places are <c>trunk</c>, <c>branches.0</c>, <c>branches.1</c>, … and <c>gate</c>.
/// </summary>
/// <remarks>It owns its parts: disposing of it disposes of them.</remarks>
public sealed class BranchNetwork : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor>? _trunk;
    private readonly nn.Module<Tensor, Tensor>[] _branches;
    private readonly nn.Module<Tensor, Tensor>? _gate;

    /// <summary>Makes one of whole networks.</summary>
    /// <param name="peers">At least two networks from inputs to logits [N, C].</param>
    public BranchNetwork(params IReadOnlyList<nn.Module<Tensor, Tensor>> peers)
        : this(null, peers)
    {
    }

    /// <summary>Makes one of a trunk and branches.</summary>
    /// <param name="trunk">What all branches share; nothing where null.</param>
    /// <param name="branches">At least two networks from what the trunk gives to logits [N, C].</param>
    /// <param name="gate">From what the trunk gives to the share of each branch [N, branches] (<see cref="BranchGate"/>); equal shares where null.</param>
    /// <exception cref="ArgumentException">There is less than two branches.</exception>
    public BranchNetwork(nn.Module<Tensor, Tensor>? trunk, IReadOnlyList<nn.Module<Tensor, Tensor>> branches, nn.Module<Tensor, Tensor>? gate = null)
        : base(nameof(BranchNetwork))
    {
        ArgumentNullException.ThrowIfNull(branches);
        if (branches.Count < 2) throw new ArgumentException($"Expected at least two branches; {branches.Count} came.", nameof(branches));
        (_trunk, _branches, _gate) = (trunk, [.. branches], gate);
        if (trunk is not null) register_module("trunk", trunk);
        register_module("branches", new TorchSharp.Modules.ModuleList<nn.Module<Tensor, Tensor>>(_branches));
        if (gate is not null) register_module("gate", gate);
    }

    /// <summary>The branches; the network of choice is one of them, with the trunk.</summary>
    public IReadOnlyList<nn.Module<Tensor, Tensor>> Branches => _branches;

    /// <summary>The places of the branches' logits.</summary>
    public IReadOnlyList<Tap> Taps => [.. Enumerable.Range(0, _branches.Length).Select(i => Tap.Of($"branches.{i}"))];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var shared = _trunk?.call(input) ?? input;
        var logits = Array.ConvertAll(_branches, branch => branch.call(shared));
        return Mix(shared, logits).MoveToOuterDisposeScope();
    }

    /// <summary>The same with an input of its own for each branch, as KDCL has it: pictures augmented anew for each network.</summary>
    /// <param name="inputs">As many as there are branches.</param>
    /// <returns>The mean of the logits.</returns>
    /// <exception cref="InvalidOperationException">There is a gate, which looks at what all branches see.</exception>
    public Tensor Forward(IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count != _branches.Length) throw new ArgumentException($"Expected {_branches.Length} inputs, one for each branch; {inputs.Count} came.", nameof(inputs));
        if (_gate is not null) throw new InvalidOperationException("A gate looks at one input for all branches.");
        using var scope = NewDisposeScope();
        var logits = _branches.Select((branch, i) => branch.call(_trunk?.call(inputs[i]) ?? inputs[i])).ToArray();
        return Mix(inputs[0], logits).MoveToOuterDisposeScope();
    }

    private Tensor Mix(Tensor shared, Tensor[] logits)
    {
        var all = stack(logits, 1);
        return _gate is null ? all.mean([1L]) : (all * _gate.call(shared).unsqueeze(2)).sum([1L]);
    }
}
