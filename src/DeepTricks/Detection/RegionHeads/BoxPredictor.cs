using DeepTricks.Backbones;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>What a region holds, and for each class how it moves onto the object: torchvision's FastRCNNPredictor, <c>cls_score</c> and <c>bbox_pred</c>.</summary>
public sealed class BoxPredictor : nn.Module<Tensor, (Tensor Logits, Tensor Moves)>
{
    private const int Coordinates = 4;

    [ComponentName(Name = "cls_score")] private readonly Linear _logits;
    [ComponentName(Name = "bbox_pred")] private readonly Linear _moves;

    /// <summary>Makes the two layers with first weights drawn as PyTorch draws them.</summary>
    /// <param name="features">The features of a region.</param>
    /// <param name="numClasses">The classes with the background, at least 2.</param>
    /// <param name="generator">Draws the weights; a generator of the CPU, or null for libtorch's own.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public BoxPredictor(long features, long numClasses, Generator? generator = null) : base(nameof(BoxPredictor))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(numClasses, 2);
        (_logits, _moves) = (nn.Linear(features, numClasses), nn.Linear(features, Coordinates * numClasses));
        RegisterComponents();
        if (generator is null) return;
        Layers.Uniform(_logits, generator);
        Layers.Uniform(_moves, generator);
    }

    /// <summary>The classes with the background.</summary>
    public long NumClasses => _logits.out_features;

    /// <summary>Predicts.</summary>
    /// <param name="input">[K, features].</param>
    /// <returns>Logits, [K, classes], and moves, [K, 4 classes], four to a class.</returns>
    public override (Tensor Logits, Tensor Moves) forward(Tensor input) => (_logits.call(input), _moves.call(input));
}
