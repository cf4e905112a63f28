using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What modules without parameters refuse to register.</summary>
internal static class ParameterLess
{
    public static InvalidOperationException Refusal(string kind, string name) => new($"A module without parameters does not register the {kind} '{name}'.");

    public static void Require(string name, nn.Module submodule)
    {
        if (submodule is not IParameterLessModule) throw Refusal("module with parameters", name);
    }
}
