using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>Which modules of a model are in training mode, to be put back as they were.</summary>
internal readonly struct ModuleModes
{
    private readonly (nn.Module Module, bool Training)[] _modes;

    internal ModuleModes(nn.Module model) => _modes = [.. model.modules().Prepend(model).Distinct().Select(module => (module, module.training))];

    internal void Restore()
    {
        // Setting a module sets those below it, which come after it.
        foreach (var (module, training) in _modes)
            module.train(training);
    }
}
