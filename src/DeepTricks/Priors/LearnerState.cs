using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Priors;

/// <summary>The weights of modules that are no part of the model, in a checkpoint.</summary>
internal static class LearnerState
{
    internal static void Save(CallbackState state, string prefix, nn.Module? learner)
    {
        foreach (var (name, tensor) in learner?.state_dict() ?? [])
        {
            state.Set(prefix + name, tensor);
        }
    }

    internal static void Restore(CallbackState state, string prefix, nn.Module? learner)
    {
        foreach (var (name, tensor) in learner?.state_dict() ?? [])
        {
            state.CopyTo(prefix + name, tensor);
        }
    }
}
