export const systemPython: string
export const environment: string
export const python: string
