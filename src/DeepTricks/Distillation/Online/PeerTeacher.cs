using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Networks that learn side by side as the teacher of each: their outputs in the same pass, combined. Nothing flows back into the teaching side.</summary>
public sealed class PeerTeacher : Teacher
{
    private readonly IReadOnlyList<Tap> _peers;
    private readonly Func<IReadOnlyList<Tensor>, Lesson, Tensor> _combine;

    /// <summary>Makes a teacher of peers.</summary>
    /// <param name="peers">The places of their logits in the student, a <see cref="BranchNetwork"/> for example.</param>
    /// <param name="combine">Makes one output of theirs; the mean of the logits where null.</param>
    public PeerTeacher(IReadOnlyList<Tap> peers, Func<IReadOnlyList<Tensor>, Lesson, Tensor>? combine = null)
    {
        LabelTerms.CheckSeveral(peers, nameof(peers));
        (_peers, _combine) = (peers, combine ?? TeacherCombination.MeanOfLogits);
    }

    /// <inheritdoc/>
    public override IEnumerable<Tap> StudentTaps => _peers;

    /// <inheritdoc/>
    public override void Prepare(IReadOnlyCollection<Tap> taps)
    {
        ArgumentNullException.ThrowIfNull(taps);
        if (taps.FirstOrDefault(tap => tap != Tap.Output) is { } other)
            throw new ArgumentException($"Peers teach by their combined output alone, not by the {other}.", nameof(taps));
    }

    /// <inheritdoc/>
    public override Trace Teach(Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        return new(_combine([.. _peers.Select(peer => lesson.Student[peer].detach())], lesson).MoveToOuterDisposeScope());
    }
}
