using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Interpretability;

public sealed partial class ProtoPNet
{
    /// <summary>
    /// Takes prototypes away, with what the last layer makes of them. Parameters become new ones: make optimisers afterwards.
    /// <see cref="PrototypePruning.Select"/> says which.
    /// </summary>
    /// <param name="prototypes">Their numbers; those behind move up. None is allowed.</param>
    /// <exception cref="ArgumentException">A number is no prototype's, or none would be left.</exception>
    public void Prune(IEnumerable<int> prototypes)
    {
        ArgumentNullException.ThrowIfNull(prototypes);
        var gone = prototypes.ToHashSet();
        if (gone.Any(prototype => prototype < 0 || prototype >= PrototypeClasses.Count))
            throw new ArgumentException($"There is no prototype {gone.First(one => one < 0 || one >= PrototypeClasses.Count)}; expected 0 to {PrototypeClasses.Count - 1}.", nameof(prototypes));
        if (gone.Count == PrototypeClasses.Count) throw new ArgumentException("No prototype would be left.", nameof(prototypes));
        if (gone.Count == 0) return;

        int[] kept = [.. Enumerable.Range(0, PrototypeClasses.Count).Where(prototype => !gone.Contains(prototype))];
        PrototypeClasses = [.. kept.Select(prototype => PrototypeClasses[prototype])];
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var rows = tensor(kept.Select(prototype => (long)prototype).ToArray(), device: _prototypes.device);
        _prototypes = Kept(PrototypesName, _prototypes, rows);
        _ones = Kept(OnesName, _ones, rows);
        var weight = new Parameter(LastLayer.index_select(1, rows), LastLayer.requires_grad);
        weight.DetachFromDisposeScope();
        _lastLayer.weight = weight;
        using var earlier = PrototypeClassTensor;
        RegisterClasses(earlier.device);
    }

    private Parameter Kept(string name, Parameter whole, Tensor rows)
    {
        var kept = new Parameter(whole.index_select(0, rows), whole.requires_grad);
        kept.DetachFromDisposeScope();
        ConditionallyRegisterParameter(name, kept);
        whole.Dispose();
        return kept;
    }
}
