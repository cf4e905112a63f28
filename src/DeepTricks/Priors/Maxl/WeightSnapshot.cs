using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>The weights and buffers of modules, to be put back to the bit; it lives in the dispose scope in which it was made.</summary>
internal sealed class WeightSnapshot
{
    private readonly (Tensor Live, Tensor Saved)[] _buffers;

    internal WeightSnapshot(params nn.Module[] modules)
    {
        Parameters = [.. modules.SelectMany(module => module.parameters()).Where(parameter => parameter.requires_grad).Distinct()];
        Saved = [.. Parameters.Select(parameter => parameter.detach().clone())];
        _buffers = [.. modules.SelectMany(module => module.buffers()).Distinct().Select(buffer => (buffer, buffer.detach().clone()))];
    }

    /// <summary>The parameters that learn.</summary>
    internal Parameter[] Parameters { get; }

    /// <summary>Their values when the snapshot was made.</summary>
    internal Tensor[] Saved { get; }

    /// <summary>Sets each parameter to a function of its saved value.</summary>
    internal void Set(Func<Tensor, int, Tensor> value)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        for (var i = 0; i < Parameters.Length; i++)
        {
            Parameters[i].copy_(value(Saved[i], i));
        }
    }

    /// <summary>Puts weights and buffers back.</summary>
    internal void Restore()
    {
        Set((saved, _) => saved);
        using var ungraded = no_grad();
        foreach (var (live, saved) in _buffers)
        {
            live.copy_(saved);
        }
    }
}
