using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// The first stage of factor transfer for a <see cref="Trainer"/>: a <see cref="Paraphraser"/> learns to rebuild a layer of the teacher from its factor. Labels are not read, and neither the
/// teacher nor any student changes.
/// </summary>
public sealed class ParaphraserObjective : Objective
{
    private readonly Paraphraser _paraphraser;
    private readonly Teacher _teacher;
    private readonly Tap _layer;
    private Tensor? _maps;

    /// <summary>Makes the objective.</summary>
    /// <param name="paraphraser">What learns; it is the model of the trainer.</param>
    /// <param name="teacher">The teacher; it stays the caller's.</param>
    /// <param name="layer">The layer whose maps [N, C, H, W] are rebuilt.</param>
    public ParaphraserObjective(Paraphraser paraphraser, Teacher teacher, Tap layer)
        : base(paraphraser)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(layer);
        (_paraphraser, _teacher, _layer) = (paraphraser, teacher, layer);
        teacher.Prepare([layer]);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _maps = _teacher.Teach(new(input, null, default, default, new(input)))[_layer];
        return _paraphraser.Reconstruct(_maps);
    }

    /// <inheritdoc/>
    public override void Loss(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        step.Terms.Add(new("reconstruction", nn.functional.mse_loss(step.Output, _maps!)));
        _maps = null;
    }
}
