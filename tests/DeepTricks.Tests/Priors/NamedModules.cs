using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Priors;

/// <summary>A layer of a model by its name.</summary>
internal static class NamedModules
{
    internal static T Layer<T>(this nn.Module model, string name)
        where T : nn.Module => (T)model.named_modules().Single(one => one.name == name).module;
}
