using DeepTricks.Detection;
using DeepTricks.Training;
using static TorchSharp.torch;

namespace DetectionSample;

/// <summary>The losses of a detector as terms of the trainer. The detector takes pictures and targets at once, so that everything happens in <see cref="Loss"/>.</summary>
internal sealed class DetectionObjective(GeneralizedRcnn model, SceneBatches batches) : Objective(model)
{
    public override Tensor Forward(Tensor input) => input.alias();

    public override void Loss(StepContext step)
    {
        var output = model.call([.. step.Input.unbind(0)], batches.TargetsOf(step.Batch));
        foreach (var term in output.Losses) step.Terms.Add(term);
    }
}
