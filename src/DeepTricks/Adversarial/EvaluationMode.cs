using static TorchSharp.torch;

namespace DeepTricks.Adversarial;

/// <summary>Puts a model into evaluation mode, and each of its modules back into its own at the end.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly List<(nn.Module Module, bool Training)> _modes;

    internal EvaluationMode(nn.Module model)
    {
        _modes = [.. model.modules().Prepend(model).Select(module => (module, module.training))];
        model.eval();
    }

    public void Dispose()
    {
        // Setting a module sets those below, which therefore come after it.
        foreach (var (module, training) in _modes)
        {
            module.train(training);
        }
    }
}
