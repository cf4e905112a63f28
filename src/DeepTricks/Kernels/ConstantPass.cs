using static TorchSharp.torch;

namespace DeepTricks.Kernels;

/// <summary>
/// Runs a network as it is in evaluation, with gradients through it and none for its parameters: what learns stands before it, as images that it is to
/// recognise do. Modes and parameters are as before afterwards.
/// </summary>
internal sealed class ConstantPass(nn.Module model)
{
    internal T Run<T>(Func<T> pass)
    {
        var learning = model.parameters().Where(parameter => parameter.requires_grad).ToArray();
        using var modes = new ModuleModes(model);
        model.eval();
        foreach (var parameter in learning)
        {
            parameter.requires_grad_(false);
        }

        try
        {
            return pass();
        }
        finally
        {
            foreach (var parameter in learning)
            {
                parameter.requires_grad_(true);
            }
        }
    }
}
