using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>The weights and buffers of modules that are no part of the model, in a checkpoint.</summary>
internal static class ModuleState
{
    internal static void Save(CallbackState state, string prefix, nn.Module? module)
    {
        foreach (var (name, tensor) in module?.state_dict() ?? [])
        {
            state.Set(prefix + name, tensor);
        }
    }

    internal static void Restore(CallbackState state, string prefix, nn.Module? module)
    {
        foreach (var (name, tensor) in module?.state_dict() ?? [])
        {
            state.CopyTo(prefix + name, tensor);
        }
    }
}
