using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>Runs a model without gradients and in evaluation mode, and leaves each of its modules in the mode in which it was.</summary>
internal sealed class FrozenPass(nn.Module model)
{
    private readonly nn.Module[] _modules = [.. model.modules().Prepend(model).Distinct()];

    internal T Run<T>(Func<T> pass)
    {
        using var ungraded = no_grad();
        if (!Array.Exists(_modules, module => module.training)) return pass();
        using var modes = new ModuleModes(model);
        model.eval();
        return pass();
    }
}
