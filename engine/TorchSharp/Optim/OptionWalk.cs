namespace TorchSharp.Modules;

/// <summary>Something that is done to every setting of a group, so that an optimiser names its settings once.</summary>
internal abstract class OptionWalk
{
    public abstract void On(ref double? value);
    public abstract void On(ref bool? value);

    /// <summary>Copies the settings of one optimiser's options to another's.</summary>
    public static void Copy(OptimizerOptions source, OptimizerOptions target, bool onlyMissing)
    {
        if (source.GetType() != target.GetType())
            throw new ArgumentException($"The settings are of type {source.GetType().FullName}, those of {target.GetType().FullName} are needed.", nameof(source));
        var values = new Collecting();
        source.Walk(values);
        target.Walk(new Setting(values.Found, onlyMissing));
    }

    public sealed class Saving(BinaryWriter writer) : OptionWalk
    {
        public override void On(ref double? value) => writer.Write(value!.Value);
        public override void On(ref bool? value) => writer.Write(value!.Value);
    }

    public sealed class Loading(BinaryReader reader) : OptionWalk
    {
        public override void On(ref double? value) => value = reader.ReadDouble();
        public override void On(ref bool? value) => value = reader.ReadBoolean();
    }

    private sealed class Collecting : OptionWalk
    {
        public readonly Queue<object?> Found = [];
        public override void On(ref double? value) => Found.Enqueue(value);
        public override void On(ref bool? value) => Found.Enqueue(value);
    }

    private sealed class Setting(Queue<object?> values, bool onlyMissing) : OptionWalk
    {
        public override void On(ref double? value) => value = values.Dequeue() is var given && onlyMissing && value is not null ? value : (double?)given;
        public override void On(ref bool? value) => value = values.Dequeue() is var given && onlyMissing && value is not null ? value : (bool?)given;
    }
}
