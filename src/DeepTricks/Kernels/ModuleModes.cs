using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>Which modules of a model are in training mode; disposing puts each back into its own.</summary>
internal sealed class ModuleModes : IDisposable
{
    private readonly (nn.Module Module, bool Training)[] _modes;

    internal ModuleModes(nn.Module model) => _modes = [.. model.modules().Prepend(model).Distinct().Select(module => (module, module.training))];

    public void Dispose()
    {
        // Setting a module sets those below it, which come after it.
        foreach (var (module, training) in _modes)
            module.train(training);
    }
}
