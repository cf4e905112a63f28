using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A module of 3 arguments that has neither parameters nor buffers, and so has nothing to move.</summary>
public abstract class ParameterLessModule<T1, T2, T3, TResult> : nn.Module<T1, T2, T3, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name) : base(name)
    {
    }

    protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => this;
    protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;
    protected internal override nn.Module _to(ScalarType dtype, bool non_blocking) => this;

    public override void register_buffer(string name, Tensor tensor, bool persistent = true) => throw ParameterLess.Refusal("buffer", name);
    public override void register_parameter(string name, Parameter param) => throw ParameterLess.Refusal("parameter", name);

    public override void register_module(string name, nn.Module submodule)
    {
        ParameterLess.Require(name, submodule);
        base.register_module(name, submodule);
    }
}
