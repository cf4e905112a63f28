using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Docs;

/// <summary>What a block of code in the docs may use without declaring it. The code is compiled and not run.</summary>
public static class AtHand
{
    public static nn.Module<Tensor, Tensor> model => throw NotRun();

    public static optim.Optimizer optimizer => throw NotRun();

    public static Tensor images => throw NotRun();

    public static Tensor features => throw NotRun();

    public static Tensor logits => throw NotRun();

    public static Tensor labels => throw NotRun();

    private static InvalidOperationException NotRun() => new("The code in the docs is compiled, not run.");
}
