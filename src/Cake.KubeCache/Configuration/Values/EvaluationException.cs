using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Values;

/// <summary>Why a value could not be computed; decides whether <c>default</c> may step in.</summary>
internal enum EvaluationFailure
{
    /// <summary>Something is undefined: tests and <c>default</c> may deal with it.</summary>
    Undefined,

    /// <summary>Variables need each other.</summary>
    Cycle,

    /// <summary>A construct, filter, test or lookup that is not known.</summary>
    Unsupported,

    /// <summary>Anything else: a wrong type, a bad argument, wrong syntax.</summary>
    Invalid,
}

/// <summary>A value could not be computed. Leaves this part of the program only as a <see cref="KubeCacheException"/>.</summary>
internal sealed class EvaluationException(EvaluationFailure failure, Fault fault, Exception? inner = null) : Exception(fault.What, inner)
{
    public EvaluationFailure Failure { get; } = failure;

    public Fault Fault { get; } = fault;

    /// <summary>A wrong type or argument.</summary>
    public static EvaluationException Invalid(string what) => new(EvaluationFailure.Invalid, new Fault(what));

    /// <summary>The same failure, at a place where it had none.</summary>
    public EvaluationException At(SourcePosition? where) =>
        Fault.Where is not null || where is null ? this : new EvaluationException(Failure, Fault with { Where = where }, this);
}
