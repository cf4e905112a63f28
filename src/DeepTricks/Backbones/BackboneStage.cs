using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Backbones;

/// <summary>Layers of a backbone that belong together: those of one resolution, the stem before them or the head behind.</summary>
/// <param name="Name">What the stage is called, such as <c>layer3</c>.</param>
/// <param name="Modules">Its modules, in the order in which an image meets them.</param>
public sealed record BackboneStage(string Name, IReadOnlyList<nn.Module> Modules)
{
    /// <summary>The parameters of all its modules.</summary>
    public IEnumerable<Parameter> Parameters => Modules.SelectMany(module => module.parameters());
}
