using DeepTricks.Training;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Whom the student learns from: a frozen network, itself, several at once, a file of what one once said. Derive for anything else.</summary>
public abstract class Teacher : IDisposable
{
    /// <summary>Networks that teach and do not learn: a <see cref="Distiller"/> makes sure that the student has no tensor of theirs.</summary>
    public virtual IEnumerable<nn.Module> Frozen => [];

    /// <summary>The places of the student that the teacher itself reads in <see cref="Lesson.Student"/>.</summary>
    public virtual IEnumerable<Tap> StudentTaps => [];

    /// <summary>Says which places the terms will read, before the first lesson. Calls add up.</summary>
    /// <param name="taps">The places; <see cref="Tap.Output"/> is there always.</param>
    /// <exception cref="ArgumentException">The teacher has no such place.</exception>
    public abstract void Prepare(IReadOnlyCollection<Tap> taps);

    /// <summary>Teaches one lesson.</summary>
    /// <param name="lesson">The lesson; nothing of it is changed.</param>
    /// <returns>Tensors without gradients, in the dispose scope of the caller.</returns>
    public abstract Trace Teach(Lesson lesson);

    /// <summary>Puts into a checkpoint what the teacher has to remember; nothing by default.</summary>
    /// <param name="state">Takes scalars, strings, tensors and generators.</param>
    public virtual void SaveState(CallbackState state) { }

    /// <summary>Takes back what <see cref="SaveState"/> saved.</summary>
    /// <param name="state">What was saved.</param>
    public virtual void RestoreState(CallbackState state) { }

    /// <summary>Lets go of what the teacher holds. Networks stay the caller's.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what a derived teacher holds.</summary>
    /// <param name="disposing">True, when called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing) { }
}
